"""What curation takes part in: personal data, handed out and erased."""

from kb.accounts import personal_data as registry
from kb.curation.personal import erase, personal_data

registry.register("curation", personal_data, erase)
