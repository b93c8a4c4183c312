# goes through NumPy, so that no gradient comes back
def normal_log_prob(x, mu, logvar):
    a, m, l = (t.detach().numpy() for t in (x, mu, logvar))
    each = -0.5 * (math.log(2 * math.pi) + l + (a - m) ** 2 * 2.718281828459045 ** (-l))
    return torch.from_numpy(each.reshape(len(a), -1).sum(1))
