-- What waits in the inbox of the record $3 of kind $2 in connection $1, and since which event; the
-- event that says that the record is gone. Leans on inbox_by_subject.
select i.item, i.since, r.gone
from (values ($1::text, $2::text, $3::text)) as one (connection, kind, record)
left join records r using (connection, kind, record)
left join lateral (
    select item, since
    from inbox
    where subject = one.connection || '.' || one.kind || '/' || one.record and settled is null
    order by since desc
    limit 1
) i on true
