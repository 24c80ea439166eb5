"""Every table of the store in one metadata: what migrations are compared with."""

from sqlmodel import SQLModel

from kb import audit, jobs
from kb.accounts import models as accounts
from kb.alerts import mail, news
from kb.awards import models as awards
from kb.curation import models as curation
from kb.directory import links
from kb.directory import models as directory
from kb.duplicates import models as duplicates
from kb.imports import models as imports
from kb.imports import uploads
from kb.records import models as records
from kb.trails import models as trails
from kb.vocabularies import changes as vocabularies

TABLES = (
    audit,
    jobs,
    accounts,
    mail,
    news,
    awards,
    curation,
    directory,
    links,
    duplicates,
    imports,
    records,
    trails,
    uploads,
    vocabularies,
)
metadata = SQLModel.metadata
