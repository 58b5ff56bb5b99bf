-- The views that read any of the tables $2 in the schema $1.
select distinct r.ev_class::regclass::text
from pg_depend d
join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
join pg_class c on c.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
where c.relnamespace = $1::regnamespace and c.relname = any ($2::text[])
order by 1
