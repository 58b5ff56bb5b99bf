-- Keep the value $4 named $2 of the connection $1, sealed under the key $3.
insert into sealed (connection, name, key_id, sealed) values ($1, $2, $3, $4)
on conflict (connection, name) do update
set key_id = excluded.key_id, sealed = excluded.sealed, sealed_at = clock_timestamp()
