-- The archives that hold events after $1.
select first, last, file, digest from archives where last > $1 order by first
