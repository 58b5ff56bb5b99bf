-- Who is in the links $1, and what each says that is there. Leans on links_slots.
select l.link, l.connection, l.kind, l.record, r.fields
from links l
join records r using (connection, kind, record)
where l.link = any($1::uuid[]) and r.gone is null
order by l.link, l.connection, l.kind, l.part
