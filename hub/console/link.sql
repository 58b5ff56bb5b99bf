-- The link of the record $3 of kind $2 in connection $1, or the link that $4 names, with its members.
select l.link, l.connection, l.kind, l.record, l.part, l.since
from links l
where l.link = coalesce(
    $4::uuid, (select link from links where connection = $1 and kind = $2 and record = $3))
order by l.connection, l.kind, l.part
