-- The links of the deliveries $1: that which is to be filled, or that in which their record is.
select d.id, coalesce(d.link, l.link) as link
from deliveries d
left join links l using (connection, kind, record)
where d.id = any($1::uuid[])
