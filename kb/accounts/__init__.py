"""People who sign in: their accounts, sessions, roles and what may be done with them."""
