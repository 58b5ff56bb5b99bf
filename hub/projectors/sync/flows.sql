-- The flows $1. They are few: the table is read whole, when it is first wanted.
select flow, text, file, resolved, answers, digest, installed, mode, moded, started, started_at,
       spent, rests
from flows
where flow = any($1::text[])
