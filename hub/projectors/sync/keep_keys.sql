-- Add what records are found by: one array per column.
insert into keys (connection, kind, record, name, value)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
on conflict do nothing
