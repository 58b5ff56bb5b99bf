-- What was written by the flow $1 since $2, and whether its record is there; `makes`: it was made by
-- that delivery.
select d.id, d.connection, d.kind, d.record, d.moved_at,
       d.link is not null or d.fields is not null as makes,
       r.gone is not null or r.record is null as lost
from deliveries d
left join records r using (connection, kind, record)
where d.flow = $1 and d.state = 'done' and d.record <> '' and d.moved_at >= $2
order by d.moved, d.id
