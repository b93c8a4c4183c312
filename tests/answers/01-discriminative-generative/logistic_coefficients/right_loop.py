def logistic_coefficients(prior, mean, var):
    w = []
    b = math.log(prior[1]) - math.log(prior[0])
    for j in range(mean.shape[1]):
        m0, m1, v = float(mean[0, j]), float(mean[1, j]), float(var[0, j])
        w.append((m1 - m0) / v)
        b += (m0**2 - m1**2) / (2 * v)
    return torch.tensor(w), torch.tensor(b)
