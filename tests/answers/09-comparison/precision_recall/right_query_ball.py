from scipy.spatial import KDTree
def precision_recall(f_real, f_fake, k=3):
    a, b = f_real.double().numpy(), f_fake.double().numpy()
    ta, tb = KDTree(a), KDTree(b)
    ra = ta.query(a, k=k + 1)[0][:, -1]
    rb = tb.query(b, k=k + 1)[0][:, -1]
    good, found = set(), set()
    for row, r in zip(a, ra):
        good.update(tb.query_ball_point(row, r))
    for row, r in zip(b, rb):
        found.update(ta.query_ball_point(row, r))
    return len(good) / len(b), len(found) / len(a)
