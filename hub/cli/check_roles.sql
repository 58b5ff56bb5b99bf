-- Which of the roles $1 are not there, or may not be taken by whoever asks.
select wanted.name
from unnest($1::text[]) as wanted (name)
left join pg_roles r on r.rolname = wanted.name
where r.oid is null or not pg_has_role(r.oid, 'member')
