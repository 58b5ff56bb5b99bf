-- Close duplicates: their primary keys, one array per column.
delete from duplicates d
using unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[])
      as closed (position, link, connection, kind, record)
where (d.position, d.link, d.connection, d.kind, d.record)
    = (closed.position, closed.link, closed.connection, closed.kind, closed.record)
