-- Take away what records are found by no more: one array per column.
delete from keys k
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
      as gone (connection, kind, record, name, value)
where (k.connection, k.kind, k.record, k.name, k.value)
    = (gone.connection, gone.kind, gone.record, gone.name, gone.value)
