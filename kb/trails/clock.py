"""The clock of a broad search: it warns and never blocks."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Clock:
    """How the clock stands at one moment."""

    limit: timedelta
    spent: timedelta
    running: bool

    @property
    def left(self) -> timedelta:
        """Time left; none once the limit is passed."""
        return max(timedelta(0), self.limit - self.spent)

    @property
    def warning(self) -> str:
        """What to say: nothing at first, then that time is nearly up, then that it is up."""
        if self.spent >= self.limit:
            over = int((self.spent - self.limit).total_seconds() // 60)
            late = f" {over} minute{'' if over == 1 else 's'} ago" if over else ""
            return f"Your time limit was up{late}. Stop, or go on if it is worth it."
        minutes = -(-int(self.left.total_seconds()) // 60)
        if self.left * 5 <= self.limit:
            return f"Nearly up: {minutes} minute{'' if minutes == 1 else 's'} left."
        return ""
