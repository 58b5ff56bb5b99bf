-- The next key that is not sealed under the master $1.
select connection, id, master, sealed from data_keys where master <> $1 order by connection limit 1
