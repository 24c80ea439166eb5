"""Errors of accounts.

KbError
├── InputInvalid
│   ├── EmailInvalid        not an e-mail address that mail can be sent to
│   ├── NameInvalid         a display name or organisation that cannot be shown
│   ├── PasswordUnfit       too short, too long or among the first to be guessed
│   └── RoleUnknown         no role of that name
├── SignInRefused           wrong address, password or state: always the same text
│   └── OutsideRefused      another service vouches for them, but no account here may be used
├── OutsideFailed           signing in through another service did not work; try again
├── OutsideMisconfigured    the other service does not fit the settings; its reader is the admin
├── CodeRefused             a code of the second factor is wrong, used or too old
├── TooManyAttempts         a rate limit was reached; `wait` says for how long
├── TokenUnusable           a link was used before, has expired or was never given out
├── NotSignedIn             the session has ended
├── ProveAgain              the password must be typed again before this
├── AccountNotFound         no account with that id or address
├── AccountExists           the address already has an account
└── LastAdmin               nobody would be left to manage accounts
"""

from datetime import timedelta

from kb.errors import InputInvalid, KbError


class EmailInvalid(InputInvalid):
    """Not an e-mail address that mail can be sent to; ask for another."""


class NameInvalid(InputInvalid):
    """A display name or organisation that cannot be shown; the message says why."""


class PasswordUnfit(InputInvalid):
    """The password is too short, too long or too easily guessed; ask for another."""


class RoleUnknown(InputInvalid):
    """No role of that name; the message lists those there are."""


class SignInRefused(KbError):
    """Sign-in failed. The text is the same whatever was wrong, so it tells nobody who is here."""

    def __init__(self) -> None:
        super().__init__(
            "That e-mail address and password do not match an account in use. If you have just "
            "signed up, open the link in our e-mail first; if you forgot the password, reset it."
        )


class OutsideRefused(SignInRefused):
    """The other service knows them, but they cannot come in here by it; the message says why."""

    def __init__(self, why: str) -> None:
        KbError.__init__(self, why)


class OutsideFailed(KbError):
    """Signing in through another service did not work; they can try again. `why` says what."""

    def __init__(self, why: str, cause: Exception | None = None) -> None:
        self.cause = cause
        super().__init__(
            f"Signing in through the other service did not work: {why}. Please try again, or sign "
            "in with your e-mail address and password."
        )


class OutsideMisconfigured(KbError):
    """The service does not fit the settings; whoever runs the site must change them."""


class CodeRefused(KbError):
    """The code of the second factor is wrong, was used before or is too old; try the next one."""

    def __init__(self) -> None:
        super().__init__(
            "That code is not right or was used already. Wait for the next code in your app, or "
            "use one of your recovery codes."
        )


class TooManyAttempts(KbError):
    """A rate limit was reached; nothing was tried. `wait` is how long until it is worth it."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = max(1, round(wait.total_seconds() / 60))
        super().__init__(
            f"Too many attempts. Try again in {minutes} minute{'s' if minutes != 1 else ''}."
        )


class TokenUnusable(KbError):
    """A link was used before, has expired or was never given out; ask for a new one."""

    def __init__(self) -> None:
        super().__init__("This link has been used or has expired. Ask for a new one.")


class NotSignedIn(KbError):
    """The session has ended or never was; sign in."""

    def __init__(self) -> None:
        super().__init__("You are not signed in any more. Sign in and try again.")


class ProveAgain(KbError):
    """The password was last typed too long ago for this; ask for it, then repeat."""

    def __init__(self) -> None:
        super().__init__("Type your password again to go on.")


class AccountNotFound(KbError):
    """No account with that id or e-mail address."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"There is no account '{wanted}'. `kb users list` shows them all.")


class AccountExists(KbError):
    """The address already has an account; change that one."""

    def __init__(self) -> None:
        super().__init__("There is already an account with that e-mail address.")


class LastAdmin(KbError):
    """The only active admin cannot be disabled, erased or lose the role; make another first."""

    def __init__(self) -> None:
        super().__init__("This is the last active admin. Give another account the role first.")
