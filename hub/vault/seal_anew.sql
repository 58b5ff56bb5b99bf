-- Have the key $1, sealed under the master $2, be sealed under $3 as $4.
update data_keys set master = $3, sealed = $4, sealed_at = clock_timestamp()
where id = $1 and master = $2
