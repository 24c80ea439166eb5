"""What the site tells people: mails, digests of saved searches, and news on their account page."""
