-- Keep a batch of events; the function stands, with its reasons, in migrations/0002_append.sql.
-- $1: the events, each as `append._entry` gives it.
-- $2: the places of events that another of the batch, before it, may have overtaken.
select * from append($1, $2)
