"""Search trails, and what people say of records: usefulness, adoptions, lists, saved searches.

entries.py   what a person writes into a trail, field by field
fold.py      from events to the state of a trail, on plain values
state.py     the state of a trail as typed objects
log.py       the append-only log of events, and the stored fold
access.py    who may read and who may write
service.py   everything a person does with a trail
recorder.py  what an open trail writes by itself
"""
