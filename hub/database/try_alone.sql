-- Take the lock named $1 for this database connection, if nobody has it.
select pg_try_advisory_lock(hashtextextended($1, 0))
