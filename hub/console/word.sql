-- What the record $3 of kind $2 in connection $1 says, since when field by field, and its link.
select r.fields, r.said, r.position, r.stamp, r.gone, l.link
from records r
left join links l using (connection, kind, record)
where r.connection = $1 and r.kind = $2 and r.record = $3
