"""The method of a search, told from the log: the five steps, and seven items of PRISMA-S.

PRISMA-S is the extension of the PRISMA statement for reporting literature searches (Rethlefsen and
others, 2021). The items that a log can answer are 1 (databases), 8 (searches as run), 9 (limits),
12 (updates), 13 (dates), 15 (total records) and 16 (deduplication).
"""

from collections.abc import Callable
from dataclasses import dataclass

from kb.exports.outline import Item
from kb.records import Practice
from kb.settings import settings
from kb.trails.entries import SOURCE_STATES
from kb.trails.recorder import MAX_TOP
from kb.trails.report_text import counted, day, minute
from kb.trails.seen import Seen
from kb.trails.shown import HIDDEN
from kb.trails.state import QueryEntry, SourceEntry, TrailState

_TASKS = {"todo": "to do", "doing": "being followed", "done": "followed", "dropped": "dropped"}


@dataclass(frozen=True)
class Method:
    """What is needed to tell the method of one trail."""

    state: TrailState
    sources: dict[str, tuple[str, str]]
    filter_label: Callable[[str, str], str]
    practices: dict[str, Practice]
    seen: dict[str, Seen]

    def steps(self) -> list[Item]:
        """What was done in each step; steps that were left out are not mentioned."""
        found = [
            self._talks(),
            self._broad(),
            self._targeted(),
            self._searches(),
            self._opened(),
            self._dead_ends(),
        ]
        return [item for item in found if item.rows or item.lines]

    def prisma_s(self, kept: int, rejected: int) -> list[Item]:
        """The items in their order and under their numbers."""
        return [
            Item("Item 1: databases", lines=self._databases()),
            Item("Item 8: searches as run", lines=self._strategies()),
            Item("Item 9: limits", text=self._limits()),
            Item("Item 12: updates", text=self._updates()),
            Item("Item 13: dates", text=self._dates()),
            Item("Item 15: total records", lines=self._totals(kept, rejected)),
            Item("Item 16: deduplication", text=self._deduplication()),
        ]

    def _talks(self) -> Item:
        rows = []
        for talk in self.state.talks:
            lead = talk.lead and f"{talk.lead} ({_TASKS.get(talk.task, talk.task)})"
            rows.append([talk.when or day(talk.at), talk.who, talk.said, lead])
        return Item("Talking to people", header=["When", "Who", "Said", "Lead"], rows=rows)

    def _broad(self) -> Item:
        rows = [
            [
                minute(item.started),
                item.engine,
                item.query,
                f"{item.spent / 60:.0f} of {counted(item.limit_minutes, 'minute')}",
            ]
            for item in self.state.rounds
        ]
        return Item("Broad search", header=["Started", "Where", "Words", "Time"], rows=rows)

    def _targeted(self) -> Item:
        rows = [
            [
                self.sources[entry.id][0],
                SOURCE_STATES.get(entry.state, entry.state),
                "; ".join(text for text in (entry.query, entry.filters) if text),
                "" if entry.hits_seen is None else f"{entry.hits_seen:,}",
                entry.note,
            ]
            for entry in self._visited()
        ]
        header = ["Source", "State", "Searched for", "Results", "Note"]
        return Item("Targeted search", header=header, rows=rows)

    def _visited(self) -> list[SourceEntry]:
        return [
            entry
            for entry in self.state.sources.values()
            if entry.state != "todo" or entry.visits or entry.note
        ]

    def _searches(self) -> Item:
        rows = [
            [
                minute(query.first_at),
                query.as_run or "(no words)",
                self._filters(query),
                _total(query),
                f"{query.times}",
            ]
            for query in self.state.queries
        ]
        header = ["First run", "Words", "Filters", "Found", "Times run"]
        return Item(f"Searches on {settings().site_name}", header=header, rows=rows)

    def _filters(self, query: QueryEntry) -> str:
        return "; ".join(self.filter_label(name, value) for name, value in query.filters)

    def _opened(self) -> Item:
        titles = [
            self.practices[record.id].content.title if record.id in self.practices else HIDDEN
            for record in self.state.records
        ]
        return Item("Records opened", lines=titles)

    def _dead_ends(self) -> Item:
        rows = [[end.what, end.where, end.why, f"{end.times}"] for end in self.state.dead_ends]
        rows += [
            [
                entry.query or "Searched",
                self.sources[entry.id][0],
                entry.note or "Nothing there",
                "",
            ]
            for entry in self.state.sources.values()
            if entry.state == "nothing"
        ]
        rows += [
            [query.as_run or self._filters(query), settings().site_name, "Found nothing", ""]
            for query in self.state.queries
            if query.total == 0
        ]
        return Item("Dead ends", header=["What", "Where", "Why", "Times"], rows=rows)

    def _databases(self) -> list[str]:
        found = []
        if self.state.queries:
            here = settings().base_url.rstrip("/")
            found.append(settings().site_name + (f", {here}" if here else ""))
        for entry in self._visited():
            title, address = self.sources[entry.id]
            found.append(f"{title}, {address}" if address else title)
        for item in self.state.rounds:
            if item.engine:
                found.append(f"{item.engine} (broad search)")
        return list(dict.fromkeys(found)) or ["None was noted."]

    def _strategies(self) -> list[str]:
        found = []
        if self.state.queries:
            found.append(
                f"Searches on {settings().site_name} look for the words, for what the thesaurus "
                "says they mean and for passages of like meaning, unless it says otherwise beside "
                "them. A minus sign stands before what is left out."
            )
        for query in self.state.queries:
            filters = self._filters(query)
            text = query.as_run or "(no words)"
            found.append(f"{settings().site_name}: {text}" + (f" [{filters}]" if filters else ""))
        found += [
            f"{self.sources[entry.id][0]}: {entry.query}"
            + (f" [{entry.filters}]" if entry.filters else "")
            for entry in self._visited()
            if entry.query
        ]
        found += [
            f"{item.engine or 'Broad search'}: {item.query}"
            for item in self.state.rounds
            if item.query
        ]
        return found or ["No search was noted."]

    def _limits(self) -> str:
        left_out = list(
            dict.fromkeys(term for query in self.state.queries for term in query.excluded)
        )
        filtered = sum(1 for query in self.state.queries if query.filters)
        limited = [entry for entry in self._visited() if entry.filters]
        said = []
        if left_out:
            said.append(f"Left out, because the brief did not want it: {', '.join(left_out)}.")
        if filtered or limited:
            number = counted(filtered + len(limited), "search", "searches")
            said.append(f"{number} had filters or limits, shown with each search above.")
        return " ".join(said) or "No limits were used."

    def _updates(self) -> str:
        if not self.state.updates:
            return "The searches were not run again."
        told = [
            f"{day(item.at)}: {counted(item.queries, 'search', 'searches')} run again, "
            f"{item.new} new, {item.changed} changed, {item.gone} gone"
            for item in self.state.updates
        ]
        return "; ".join(told) + "."

    def _dates(self) -> str:
        moments = [
            moment for query in self.state.queries for moment in (query.first_at, query.last_at)
        ]
        moments += [item.started for item in self.state.rounds]
        moments += [entry.visited_at or entry.at for entry in self._visited()]
        if not moments:
            return "No search was noted."
        first, last = day(min(moments)), day(max(moments))
        when = f"on {first}" if first == last else f"from {first} to {last}"
        return f"All searches were run {when}; each one's first date stands with it above."

    def _totals(self, kept: int, rejected: int) -> list[str]:
        found = [
            f"{settings().site_name}, {query.as_run or self._filters(query) or '(everything)'}: "
            f"{_total(query)}"
            for query in self.state.queries
        ]
        found += [
            f"{self.sources[entry.id][0]}: {entry.hits_seen:,}"
            for entry in self._visited()
            if entry.hits_seen is not None
        ]
        opened = counted(len(self.state.records), "record")
        found.append(f"{opened} opened, {counted(kept, 'result')} kept, {rejected} rejected")
        return found

    def _deduplication(self) -> str:
        shown = [record_id for records in self.seen.values() for record_id in records]
        told = (
            f"Among the first {MAX_TOP} of each search on {settings().site_name} stood "
            f"{counted(len(shown), 'result')}, which are {counted(len(set(shown)), 'record')}. "
            if shown
            else ""
        )
        return told + (
            "A record found by several searches is one result. So is an address, whatever its "
            "scheme, tracking marks or archive prefix."
        )


def _total(query: QueryEntry) -> str:
    if query.first_total == query.total:
        return f"{query.total:,}"
    return f"{query.first_total:,}, at last {query.total:,}"
