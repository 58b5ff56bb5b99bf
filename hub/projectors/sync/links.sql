-- The links $1, and those of the records ($2 connections, $3 kinds, $4 records), with all members.
select connection, kind, record, link, part, since
from links
where link in (
    select unnest($1::uuid[])
    union
    select l.link
    from unnest($2::text[], $3::text[], $4::text[]) as wanted (connection, kind, record)
    join links l using (connection, kind, record))
