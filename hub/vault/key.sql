-- The key of the connection $1, sealed.
select id, master, sealed as sealed_key from data_keys where connection = $1
