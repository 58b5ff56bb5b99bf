-- What is yet to be made for links, and is not under way.
-- $1 the links. Leans on deliveries_by_link.
select d.id, d.flow, d.link, d.connection, d.kind, d.part
from deliveries d
where d.link = any($1) and d.record = '' and d.state in ('owed', 'parked') and not d.look
order by d.id
