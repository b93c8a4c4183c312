# both of the pair in one tensor
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return scale * torch.cat(first_stage.encode(x), dim=1)
