def game_value(d, p, q, dx):
    def times_log(a, b):
        if a == 0:
            return 0.0
        return a * math.log(b) if b > 0 else -math.inf

    total = 0.0
    for di, pi, qi in zip(d.flatten().tolist(), p.flatten().tolist(), q.flatten().tolist()):
        total += (times_log(pi, di) + times_log(qi, 1 - di)) * dx
    return total
