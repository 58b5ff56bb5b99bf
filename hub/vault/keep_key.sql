-- Keep the key $2 of the connection $1, sealed under the master $3 as $4; the first one stays.
insert into data_keys (connection, id, master, sealed) values ($1, $2, $3, $4)
on conflict (connection) do nothing
