-- The master keys that anything is sealed under.
select distinct master from data_keys
