-- How far the projector $1 has come.
select position from projectors where name = $1
