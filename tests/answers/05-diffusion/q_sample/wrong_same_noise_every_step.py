# goes step by step, with the same noise each time: the roots add up, not the variances
def q_sample(x0, t, eps, schedule):
    rows = []
    for row, k, noise in zip(x0, t.tolist(), eps):
        for s in range(1, k + 1):
            row = schedule.alpha[s].sqrt() * row + schedule.beta[s].sqrt() * noise
        rows.append(row)
    return torch.stack(rows)
