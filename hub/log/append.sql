-- Keep a batch of events; the function stands, with its reasons, in migrations/0002_append.sql.
-- $1..$16: one array per column of the envelope, in the order of `append._row`.
-- $17: the places of events that another of the batch, before it, may have overtaken.
select * from append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
