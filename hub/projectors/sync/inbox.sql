-- The items $1 of the inbox.
select item, flow, reason, sentence, subject, choices, data, since, settled, settled_by
from inbox
where item = any($1::uuid[])
