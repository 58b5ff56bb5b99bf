-- The deliveries $1 of the connection $2, as they are taken to be carried out.
select id, kind, record, part, link, flow, "case", state, share, fields, told, attempt, look,
       approved, owed, moved, trace
from deliveries
where id = any ($1::uuid[]) and connection = $2 and state in ('owed', 'sending')
order by owed, id
