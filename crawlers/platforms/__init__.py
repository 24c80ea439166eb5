"""What sources on one platform share; each source changes its constants."""
