-- The value named $2 of the connection $1, and the key it is sealed under.
select s.sealed, k.id, k.master, k.sealed as sealed_key
from sealed s
join data_keys k on k.id = s.key_id
where s.connection = $1 and s.name = $2
