"""Every table of the store in one metadata: what migrations are compared with."""

from sqlmodel import SQLModel

from kb import audit, jobs
from kb.awards import models as awards
from kb.directory import models as directory
from kb.records import models as records

TABLES = (audit, jobs, awards, directory, records)
metadata = SQLModel.metadata
