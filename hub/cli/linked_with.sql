-- Who is in the link of each of the deliveries $1: by the record that it writes to, or by its slot.
select d.id, l.connection, l.kind, l.record
from deliveries d
left join links own
    on (own.connection, own.kind, own.record) = (d.connection, d.kind, d.record) and d.record <> ''
join links l on l.link = coalesce(d.link, own.link)
where d.id = any ($1)
order by d.id, l.connection, l.kind, l.record
