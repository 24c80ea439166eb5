"""What the site tells people: mail, and later alerts of saved searches."""
