from duologue.bench.histogram import Bucket, bar, buckets


def test_every_time_is_in_the_bucket_that_it_just_fits_into() -> None:
    times = [1e-6, 1.5e-6, 1.6e-6, 7e-6, 9e-6]
    assert buckets(times) == (
        Bucket(1.0, 1),
        Bucket(1.5, 1),
        Bucket(2.0, 1),
        Bucket(3.0, 0),
        Bucket(5.0, 0),
        Bucket(7.0, 1),
        Bucket(10.0, 1),
    )


def test_empty_buckets_around_are_left_out() -> None:
    assert buckets([0.0125] * 3) == (Bucket(15_000.0, 3),)
    assert buckets([]) == ()


def test_many_decades_get_wider_buckets() -> None:
    times = sorted([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0])
    found = buckets(times)
    assert len(found) == 16
    assert sum(bucket.messages for bucket in found) == len(times)
    assert [bucket.most_us for bucket in found[:4]] == [10.0, 20.0, 50.0, 100.0]


def test_a_bar_is_as_long_as_its_share_and_never_quite_nothing() -> None:
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.5, 3) == "█▌"
    assert bar(1e-9, 10) == "▏"
    assert bar(0.0, 10) == ""
    assert bar(0.5, 10, is_plain=True) == "#####"
    assert bar(1e-9, 10, is_plain=True) == "#"
