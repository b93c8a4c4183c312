def timestep_embedding(t, dim, max_period=10000.0):
    rows = []
    for step in t.tolist():
        angles = [step * max_period ** (-2 * i / dim) for i in range(dim // 2)]
        rows.append([math.sin(a) for a in angles] + [math.cos(a) for a in angles])
    return torch.tensor(rows)
