"""What award rounds keep of a person: handed out and erased with everything else of theirs."""

from kb.accounts import personal_data as registry
from kb.awards.personal import erase, personal_data

registry.register("awards", personal_data, erase)
