def game_value(d, p, q, dx):
    weights = torch.cat([p.flatten(), q.flatten()])
    logs = torch.cat([d.flatten(), 1 - d.flatten()]).log()
    keep = weights != 0
    return torch.einsum("i,i->", weights[keep], logs[keep]) * dx
