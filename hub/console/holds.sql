-- What the fields of the link of the record $3 of kind $2 in connection $1 are now for the flow $4;
-- the event by which they came to be so, and the last by which something was owed to the record.
-- Leans on deliveries_by_record.
select a.fields, a.position,
       (select max(d.owed) from deliveries d
        where d.connection = $1 and d.kind = $2 and d.record = $3) as owed
from links l
join agreements a using (link)
where l.connection = $1 and l.kind = $2 and l.record = $3 and a.flow = $4
