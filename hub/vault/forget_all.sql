-- Forget everything of the connection $1: its values, then its key.
with forgotten as (delete from sealed where connection = $1 returning key_id)
delete from data_keys where connection = $1
