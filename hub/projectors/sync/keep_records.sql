-- Write records as they are now known, in the order of the primary key.
insert into records (connection, kind, record, stamp, position, fields, said, gone, gone_at, doubt,
                     late, late_count, sure)
select * from unnest($1::record_row[])
on conflict (connection, kind, record) do update
set stamp = excluded.stamp, position = excluded.position, fields = excluded.fields,
    said = excluded.said, gone = excluded.gone, gone_at = excluded.gone_at,
    doubt = excluded.doubt, late = excluded.late, late_count = excluded.late_count,
    sure = excluded.sure
